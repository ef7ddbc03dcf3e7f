"""What training and evaluation share: the chat form, a base model by name, jobs that use models.

Nothing here loads torch or transformers before a function is called.
"""
