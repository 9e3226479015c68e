"""Who somebody is: wrong passwords are counted, browsers known again, and what cannot be undone asks anew.

The pages and the passwords are django-allauth's. This room may ask the models and the seal of secrets.
"""
