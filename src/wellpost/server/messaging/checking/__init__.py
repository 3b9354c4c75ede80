"""Looking through what people attach: what it is, that it is harmless, and without what it would
give away. Nothing here knows of messages; `messaging.files` and files from home ask it.
"""
