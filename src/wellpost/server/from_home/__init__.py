"""What patients bring from home: taken in, looked over by the practice, made part of the record."""
