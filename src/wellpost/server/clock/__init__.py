"""What day it is for the practice: the real time, or the demo's, or a test's."""
