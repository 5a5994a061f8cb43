"""The commands of surveys: parse, ask a service, hand over what it says."""
