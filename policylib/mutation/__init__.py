"""Change the rules one step at a time: does a test notice?"""
