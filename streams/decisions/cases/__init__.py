"""Cases: what people answer or hand on."""
