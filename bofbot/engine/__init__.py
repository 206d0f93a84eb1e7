"""Who plays what, and when: queues, workers, take-over. The only room that knows the library dbos; imported when first used."""
