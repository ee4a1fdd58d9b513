"""Raw columns to customers: which column is which feature, numbers, missing values, junk rows."""
