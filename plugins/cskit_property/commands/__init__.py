"""The commands of the property plugin: parse, ask a service, hand over what it says."""
