"""Volunteers, their clinics and rotas."""
