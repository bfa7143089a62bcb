using CareTeamPortal.Platform.SignIn;
using CareTeamPortal.Platform.Ui;
using Microsoft.AspNetCore.Components;

namespace CareTeamPortal.Features.CareTeams;

/// <summary>Where I can be reached: my own number and address, which my teams see.</summary>
public sealed partial class ContactPage
{
    private string _phone = "";
    private string _email = "";
    private string? _told;
    private bool _isPatient;
    private bool _badPhone;
    private bool _badEmail;
    private bool _saving;

    [Inject] private CurrentActor Current { get; set; } = default!;
    [Inject] private KeepOwnContact Keep { get; set; } = default!;

    internal static MeEntry Entry { get; } = new("/account/contact", "phone", () => CareTeamsText.Get("Contact"), (_, _) => true);

    protected override async Task OnInitializedAsync()
    {
        var me = await Current.RequireAsync();
        _isPatient = me.OwnFile is not null;
        var details = Keep.Of(me);
        (_phone, _email) = (details.Phone ?? "", details.Email ?? "");
    }

    private async Task SaveAsync()
    {
        if (_saving)
            return;
        (_saving, _told) = (true, null);
        try
        {
            switch (await Keep.RunAsync(await Current.RequireAsync(), new(_phone, _email), CancellationToken.None))
            {
                case KeepOwnContact.Kept { Details: var kept }:
                    (_badPhone, _badEmail, _phone, _email, _told) = (false, false, kept.Phone ?? "", kept.Email ?? "", T["Contact.Saved"]);
                    break;
                case KeepOwnContact.Refused refused:
                    (_badPhone, _badEmail) = (refused.BadPhone, refused.BadEmail);
                    break;
            }
        }
        catch (System.Data.Common.DbException)
        {
            _told = T["Contact.Failed"];
        }
        finally
        {
            _saving = false;
        }
    }
}
