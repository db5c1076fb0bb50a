"""Every message that leaves, once: written with what caused it, delivered by a task."""
