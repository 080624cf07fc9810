"""Kinds of claims: problems with a parcel, harmless news, and other frauds with the signs each requires."""

#: Claims that something is wrong with a parcel or an order.
PROBLEMS = ("lost", "damaged", "recall", "enrolment", "customs", "address_problem")
BENIGN = ("pickup", "delivered", "moving", "waiting", "going_back", "delivery_failed", "delayed")
#: Other frauds, with the signs of which one is required for a verdict. An empty name: the topic alone is enough.
OTHER_FRAUDS = {
    "police_fraud": ("ask", "callback", "link", "urge"),
    "bank_fraud": ("ask", "callback", "link", "bare link", "asked who", "engaged voice"),
    "points_fraud": ("ask", "callback", "link", "bare link"),
    "subsidy_fraud": ("ask", "callback", "link", "bare link"),
    "credit_fraud": ("ask", "callback", "link", "bare link", "introduced"),
    "prize_fraud": ("ask", "callback", "link"),
    "account_fraud": ("ask", "callback", "link"),
    "ticket_fraud": ("ask", "callback", "link", "offer"),
    "brushing": ("ask", "link", "callback", "bare link", ""),
    "task_fraud": ("ask", "link", "callback", "bare link"),
    "invest_fraud": ("ask", "link", "bare link"),
    "gambling": ("ask", "link", "bare link", ""),
    "friend_fraud": ("ask",),
    "impostor_fraud": ("ask", ""),
    "transfer_fraud": ("ask", "introduced"),
    "love_fraud": ("ask", "link", "bare link", "callback"),
}
#: Frauds in which the reader is told to install a program for screen sharing.
INSTALL_FRAUDS = frozenset(
    {
        "credit_fraud",
        "account_fraud",
        "police_fraud",
        "bank_fraud",
        "task_fraud",
        "invest_fraud",
        "transfer_fraud",
        "love_fraud",
        "brushing",
        "gambling",
    }
)
