"""Do all engines give the same verdict on the same input?"""
