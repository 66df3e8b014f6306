"""The product's addresses with a mail service that hands mail on."""

from comc.urls import urlpatterns as pages
from portal.urls.inbound import webhook

urlpatterns = [webhook("postmark"), webhook("postmark", "tracking"), *pages]
