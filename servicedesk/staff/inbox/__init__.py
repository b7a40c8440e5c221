"""The inbox: tabs, filters and pages of the letters in one's hands, all in the address."""
