"""One module for each command of `jipu`, loaded when the command is named."""
