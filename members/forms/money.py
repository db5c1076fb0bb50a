"""What is typed about invoices, checked."""

from django import forms

from linkworkers.forms import laid_out
from members.models import Invoice


class PurchaseOrderForm(forms.ModelForm):
    class Meta:
        model = Invoice
        fields = ["purchase_order"]
        labels = {"purchase_order": "Purchase order number"}
        help_texts = {"purchase_order": "As your finance department gave it to you. Empty takes it away."}
        widgets = {"purchase_order": forms.TextInput(attrs={"autocomplete": "off"})}

    helper = laid_out("purchase_order")
