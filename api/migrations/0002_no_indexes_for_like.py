"""The second indexes that Django gave indexed texts for LIKE, in tables whose models are packages'."""

from django.db import migrations

from tenants.fleet.operations import DropIndex


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]
    operations = [
        DropIndex("api_client_client_id_fe931e57_like"),
        DropIndex("api_client_client_secret_b3acd3d4_like"),
        DropIndex("django_session_session_key_c0390e0f_like"),
        DropIndex("oauth2_provider_accesstoken_token_checksum_85319a26_like"),
        DropIndex("oauth2_provider_devicegrant_client_id_229dd06d_like"),
        DropIndex("oauth2_provider_grant_code_49ab4ddf_like"),
    ]
