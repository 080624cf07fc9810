"""Cases (案件): the single record of an incident, from the first alarm to the hand-over.

An alert, the trace of a leak, the evidence of a print PC, a warning list and the joint case of authorities are stages
of one case. Other applications write into it through ``services`` and show their part as a ``Panel``. A case contains
no personal data of consignees, only order ids.
"""
