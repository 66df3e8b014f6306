"""People. What they are in the programme is added by `staff`, which sees every app."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group

from accounts.models import User

# Rights come from staff roles, addresses from the person, and secrets are nobody's to look at.
for _model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(_model)


class PersonForm(forms.ModelForm):
    """A person's name and address. Nobody's password is set for them: they sign in with an e-mailed code."""

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "is_active", "is_staff"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        others = User.objects.exclude(pk=self.instance.pk)
        second = EmailAddress.objects.filter(email__iexact=email).exclude(user=self.instance.pk)
        if others.filter(email__iexact=email).exists() or second.exists():
            raise forms.ValidationError("Somebody else has this e-mail address already. Search for it first.")
        return email

    def save(self, commit: bool = True) -> User:
        if self.instance._state.adding:
            self.instance.set_unusable_password()
        return super().save(commit)


class PersonAdmin(admin.ModelAdmin):
    """Registered by `staff`, with the roles that a person holds."""

    form = PersonForm
    list_display = ["sort_name", "email", "is_active", "is_staff"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["sort_name", "email"]
    search_help_text = "By name or e-mail address."
    ordering = ["sort_name"]
    fields = ["first_name", "last_name", "email", "is_active", "is_staff"]
