"""The sidebar: the fields of the experiment."""
