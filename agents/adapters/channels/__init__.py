"""Where we speak to the public: one folder for each kind of channel."""
