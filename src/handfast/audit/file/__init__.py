"""Bytes of an export to rows of text: sources, charsets, lines, records, Parquet, and the file of refused rows."""
