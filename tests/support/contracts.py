"""The smallest contract: what every one has to say, and nothing else."""

SMALL = """\
handfast: 1
contract: acme
version: 1
effective_from: 2027-01-01T00:00:00Z
parties:
  marketing: {name: Dana Reyes, email: dana@acme.example}
  sales: {name: Omar Haddad, email: omar@acme.example}
definitions:
  mql: {when: {employees: {at_least: 50}}}
routing: {to: inbound}
"""
