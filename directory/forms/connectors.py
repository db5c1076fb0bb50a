"""What is typed about community connectors, checked."""

from django import forms
from django.http import QueryDict

from directory.models import Connector
from linkworkers.forms import laid_out
from members.models import Role, User, Workplace

NAME_ERRORS = {"name": {"required": "Write the name of the place or the person."}}


class NewConnectorForm(forms.ModelForm):
    """A connector of one of the workplaces whose connectors this person runs; of any network for administrators."""

    class Meta:
        model = Connector
        fields = ["name", "workplace"]
        error_messages = NAME_ERRORS

    def __init__(self, data: QueryDict | None, *, user: User) -> None:
        super().__init__(data)
        own = user.workplace_ids(Role.LINK_WORKER, Role.COORDINATOR, Role.MANAGER)
        networks = Workplace.objects.filter(kind=Workplace.Kind.NETWORK)
        places = networks if user.has_role(Role.ADMINISTRATOR) else Workplace.objects.filter(pk__in=own)
        only = own[0] if len(set(own)) == 1 else None
        self.fields["workplace"] = forms.ModelChoiceField(
            places,
            label="Who looks after it?",
            empty_label="Choose",
            initial=only,
            error_messages={"required": "Choose who looks after it."},
        )
        self.helper = laid_out("name", "workplace")


class ConnectorForm(forms.ModelForm):
    class Meta:
        model = Connector
        fields = ["name", "is_active"]
        labels = {"is_active": "The counter is switched on"}
        error_messages = NAME_ERRORS

    helper = laid_out("name", "is_active")
