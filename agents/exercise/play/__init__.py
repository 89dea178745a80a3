"""The play: what is put and watched while an exercise runs, and how it is scored."""
