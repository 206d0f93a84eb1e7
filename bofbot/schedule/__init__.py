"""When robots play: sentences become rules, rules become slots, and a ticker starts every slot once."""
