"""What would another policy deny of what runs today?"""
