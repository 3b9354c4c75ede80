"""The pages of patients and their representatives."""
