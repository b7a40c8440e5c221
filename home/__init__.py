"""The CMS: public pages, their blocks, the help guide. May import servicedesk, never the other way."""
