"""File formats: CSV, Parquet, Excel, compressed or not, read into raw columns."""
