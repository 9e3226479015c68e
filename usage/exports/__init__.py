"""The numbers of a question in the form that somebody else needs: files, pictures, words for a chat.

All of it is made of the report that the usage page shows too; records are what files and programs are told.
"""
