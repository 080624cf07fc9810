"""Single sign-on: one identity provider per warehouse, over OpenID Connect or SAML.

An identity signs in only if (issuer, subject) is linked with a person of the same warehouse. Nobody is created or
matched by e-mail or name. Nothing is fetched before an owner has set up a provider.
"""
