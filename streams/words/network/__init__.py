"""The responders' network: which organisations are in an incident, who leads, and the steps of the crisis process."""
