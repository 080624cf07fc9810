"""Cases (案件): the one record of an incident, from the first alarm to the hand-over.

An alert, a leak being traced, the evidence of a print PC, a warning list and the joint case of authorities are
stages of one case. Other applications write into it through ``services`` and show their part of it as a
``Panel``; nothing personal of a consignee lies in it, only order ids.
"""
