"""U2Net gallery: salient object detection over folders of photos, and the data of a static site."""

__version__ = "0.1.0"
