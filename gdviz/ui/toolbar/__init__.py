"""The menus and buttons at the top of every page: scenarios, export, teach, present."""
