"""Single sign-on: one identity provider a warehouse, over OpenID Connect or SAML.

Whoever the provider vouches for gets in only where somebody here has linked (issuer, subject) with a person of the
same warehouse: nobody is made or found by e-mail or name. Nothing is fetched before an owner has set a provider up.
"""
