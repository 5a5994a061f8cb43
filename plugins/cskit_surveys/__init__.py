"""The surveys plugin's hooks. Must not import anything but hook names."""
