"""Web push: a notice shown by the browser of somebody who asked for it there (RFC 8030, 8291).

The text is encrypted for that browser alone; its maker's push service carries what it cannot read.
"""
