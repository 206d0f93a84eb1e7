"""The verbs of web pages: moving about, forms, the one verb with an effect, and what is read off a page."""
