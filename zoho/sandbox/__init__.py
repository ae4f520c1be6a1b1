"""A stand-in for Zoho: its accounts server and its CRM API, for demo and tests."""
