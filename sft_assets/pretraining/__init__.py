"""Room: the base model that ships, made from nothing.

Enters: accounting vocabulary and chance. Leaves: a folder with weights and tokenizer. Refused:
anything of a real or sample report; the practice is about companies that are drawn by lot.
"""
