"""Pictures of every page: what is photographed (``pages``), of which data (``stages``), and how (``camera``)."""
