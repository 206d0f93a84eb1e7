"""What people type and what it means: amounts, dates, codes, units. Pure: text in, value out, or a clear refusal."""
