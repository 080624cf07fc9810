"""URLs of print PCs."""

from django.urls import path

from waybillguard.service.sensors import views

urlpatterns = [
    path("print-pcs/", views.print_pcs, name="print_pcs"),
    path("print-pcs/report/", views.report_take, name="print_pc_report"),
    path("print-pcs/approvals/", views.approval_add, name="tool_approve"),
    path("print-pcs/approvals/<int:pk>/withdraw/", views.approval_end, name="tool_approval_withdraw"),
    path("print-pcs/<int:pk>/", views.print_pc, name="print_pc"),
    path("print-pcs/<int:pk>/restrict/", views.pc_restrict, name="print_pc_restrict"),
    path("print-pcs/<int:pk>/release/", views.pc_release, name="print_pc_release"),
    path("print-pcs/<int:pk>/step/<str:to>/", views.pc_step, name="print_pc_step"),
]
