"""What people look at: one layout, one stylesheet, parts that every page is put together from."""
