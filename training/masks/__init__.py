"""The mask head: a small U-Net that takes the crop of a detection and says which of its pixels are the object."""
