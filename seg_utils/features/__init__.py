"""The features that customers are compared by: imputation, transformation, scaling, encoding."""
