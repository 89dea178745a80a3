"""The Mastodon API: an account of a partner on any server that speaks it, streamed or asked."""
