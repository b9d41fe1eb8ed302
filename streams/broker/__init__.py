"""Everything about brokers that is not a stage: clients, topics, the embedded broker."""
