using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CareTeamPortal.Platform.Data;

internal sealed class PersonMapping : IEntityTypeConfiguration<PersonRow>
{
    public void Configure(EntityTypeBuilder<PersonRow> builder)
    {
        builder.ToTable("People").HasKey(p => p.Id);
        builder.Property(p => p.DisplayName).HasMaxLength(200);
        builder.Property(p => p.ExternalSubject).HasMaxLength(400);
        builder.Property(p => p.Phone).HasMaxLength(40);
        builder.Property(p => p.Email).HasMaxLength(254);
        builder.HasIndex(p => p.ExternalSubject);
    }
}

internal sealed class PatientMapping : IEntityTypeConfiguration<PatientRow>
{
    public void Configure(EntityTypeBuilder<PatientRow> builder)
    {
        builder.ToTable("Patients").HasKey(p => p.Id);
        builder.Property(p => p.DisplayName).HasMaxLength(400);
        builder.Property(p => p.SortName).HasMaxLength(400);
        builder.HasIndex(p => p.Insz);
        builder.HasIndex(p => new { p.SortName, p.Id });
        builder.HasIndex(p => new { p.LastChangeAt, p.Id });
        // Lists across files say the name of each: read where it is found.
        builder.HasIndex(p => new { p.Id, p.DisplayName });
    }
}

internal sealed class CareTeamMapping : IEntityTypeConfiguration<CareTeamMemberRow>, IEntityTypeConfiguration<AccountabilityRow>
{
    public void Configure(EntityTypeBuilder<CareTeamMemberRow> builder)
    {
        builder.ToTable("CareTeamMembers").HasKey(m => m.Key);
        // Whether a file is open to somebody is asked for each row of a list and at each operation: answered without the row.
        builder.HasIndex(m => new { m.PatientId, m.PersonId, m.Until, m.Since, m.AllowsUntil, m.Allows, m.Kind });
        builder.HasIndex(m => new { m.PersonId, m.Until, m.PatientId });
        builder.HasIndex(m => m.AllowsUntil).HasFilter("\"AllowsUntil\" < 3155378975999999999");
        builder.HasIndex(m => m.Until).HasFilter("\"Until\" IS NOT NULL AND \"EndSettled\" = 0");
        // Whom a patient shows less: lists by last change look at these one by one.
        builder.HasIndex(m => m.PersonId, "IX_CareTeamMembers_PersonId_Limited").HasFilter("\"Allows\" <> 8191");
    }

    public void Configure(EntityTypeBuilder<AccountabilityRow> builder)
    {
        builder.ToTable("AccountabilityPeriods").HasKey(p => p.Key);
        builder.HasIndex(p => new { p.PatientId, p.Since });
    }
}

internal sealed class TrustMapping : IEntityTypeConfiguration<ConsentRow>, IEntityTypeConfiguration<RelationStepRow>, IEntityTypeConfiguration<RuleVersionRow>, IEntityTypeConfiguration<BrokenGlassRow>, IEntityTypeConfiguration<FileNoticeRow>, IEntityTypeConfiguration<ContestRow>
{
    public void Configure(EntityTypeBuilder<ConsentRow> builder)
    {
        builder.ToTable("Consents").HasKey(c => c.Key);
        builder.Property(c => c.Organisation).HasMaxLength(200);
        builder.Property(c => c.Note).HasMaxLength(500);
        builder.HasIndex(c => new { c.PatientId, c.EndedAt, c.Key });
    }

    public void Configure(EntityTypeBuilder<RelationStepRow> builder)
    {
        builder.ToTable("RelationSteps").HasKey(s => s.Key);
        builder.Property(s => s.Reason).HasMaxLength(500);
        builder.HasIndex(s => new { s.PatientId, s.Key });
        builder.HasIndex(s => new { s.PersonId, s.Key });
    }

    public void Configure(EntityTypeBuilder<RuleVersionRow> builder)
    {
        builder.ToTable("RuleVersions").HasKey(v => v.Number);
        builder.Property(v => v.Number).ValueGeneratedNever();
        builder.Property(v => v.Note).HasMaxLength(1000);
        builder.HasIndex(v => new { v.State, v.Number });
    }

    public void Configure(EntityTypeBuilder<BrokenGlassRow> builder)
    {
        builder.ToTable("BrokenGlasses").HasKey(g => g.Key);
        builder.Property(g => g.Words).HasMaxLength(1000);
        builder.Property(g => g.ReviewNote).HasMaxLength(1000);
        builder.HasIndex(g => new { g.ReviewedAt, g.At });
        builder.HasIndex(g => new { g.PatientId, g.At });
    }

    public void Configure(EntityTypeBuilder<FileNoticeRow> builder)
    {
        builder.ToTable("FileNotices").HasKey(n => n.Key);
        builder.HasIndex(n => new { n.PersonId, n.SeenAt, n.At });
        builder.HasIndex(n => new { n.PatientId, n.Kind, n.At });
    }

    public void Configure(EntityTypeBuilder<ContestRow> builder)
    {
        builder.ToTable("Contests").HasKey(c => c.Key);
        builder.Property(c => c.Words).HasMaxLength(1000);
        builder.Property(c => c.Answer).HasMaxLength(2000);
        builder.HasIndex(c => new { c.PatientId, c.At });
        builder.HasIndex(c => new { c.AnsweredAt, c.DueAt });
    }
}

internal sealed class ResourceMapping : IEntityTypeConfiguration<ResourceRow>, IEntityTypeConfiguration<ResourceVersionRow>, IEntityTypeConfiguration<ResourceIdentifierRow>
{
    public void Configure(EntityTypeBuilder<ResourceRow> builder)
    {
        builder.ToTable("Resources").HasKey(r => r.Key);
        builder.Property(r => r.Type).HasMaxLength(64).IsUnicode(false);
        builder.Property(r => r.Id).HasMaxLength(64).IsUnicode(false);
        builder.Property(r => r.Status).HasMaxLength(64);
        builder.Property(r => r.Hash).HasMaxLength(32);
        builder.HasIndex(r => new { r.Type, r.Id }).IsUnique();
        builder.HasIndex(r => new { r.PatientId, r.Type, r.LastUpdated });
    }

    public void Configure(EntityTypeBuilder<ResourceVersionRow> builder)
    {
        builder.ToTable("ResourceVersions").HasKey(v => new { v.Type, v.Id, v.Version });
        builder.Property(v => v.Type).HasMaxLength(64).IsUnicode(false);
        builder.Property(v => v.Id).HasMaxLength(64).IsUnicode(false);
        builder.Property(v => v.Hash).HasMaxLength(32);
    }

    public void Configure(EntityTypeBuilder<ResourceIdentifierRow> builder)
    {
        builder.ToTable("ResourceIdentifiers").HasKey(i => i.Key);
        builder.Property(i => i.Type).HasMaxLength(64).IsUnicode(false);
        builder.Property(i => i.System).HasMaxLength(256);
        builder.Property(i => i.Value).HasMaxLength(256);
        builder.Property(i => i.Id).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(i => new { i.Value, i.System, i.Type });
        builder.HasIndex(i => new { i.Type, i.Id });
    }
}

internal sealed class EntryMapping : IEntityTypeConfiguration<EntryRow>, IEntityTypeConfiguration<MeasurementRow>, IEntityTypeConfiguration<MentionRow>, IEntityTypeConfiguration<AttachmentRow>
{
    public void Configure(EntityTypeBuilder<EntryRow> builder)
    {
        builder.ToTable("TimelineEntries").HasKey(e => new { e.PatientId, e.Seq });
        builder.Property(e => e.Seq).ValueGeneratedNever();
        builder.Ignore(e => e.AnswerCount);
        builder.Property(e => e.ResourceType).HasMaxLength(64).IsUnicode(false);
        builder.Property(e => e.ResourceId).HasMaxLength(64).IsUnicode(false);
        // Behind the place what the care lines count by: a picture of a year looks at no row.
        builder.HasIndex(e => new { e.PatientId, e.Time, e.Seq, e.Line, e.Kind, e.Audience, e.Category, e.Retracted, e.Until, e.Status });
        builder.HasIndex(e => new { e.PatientId, e.Cursor });
        builder.HasIndex(e => new { e.ResourceType, e.ResourceId });
        // What stands beside every timeline, of which a long file has little: questions, goals, what the patient writes, what is pinned. Without these each opening would look through the whole file.
        builder.HasIndex(e => new { e.PatientId, e.Kind, e.Time, e.Seq }, "IX_TimelineEntries_Questions").HasFilter("\"Kind\" = 1");
        builder.HasIndex(e => new { e.PatientId, e.Kind, e.Time, e.Seq }, "IX_TimelineEntries_Goals").HasFilter("\"Kind\" = 9");
        builder.HasIndex(e => new { e.PatientId, e.Discipline, e.Time, e.Seq }, "IX_TimelineEntries_ByPatients").HasFilter("\"Discipline\" = 13");
        builder.HasIndex(e => new { e.PatientId, e.Time, e.Seq }, "IX_TimelineEntries_Pinned").HasFilter("\"PinnedAt\" IS NOT NULL");
        builder.HasIndex(e => new { e.PatientId, e.AnswersSeq }).HasFilter("\"AnswersSeq\" IS NOT NULL");
        builder.HasIndex(e => new { e.ReplyOwner, e.AnsweredSeq }).HasFilter("\"ReplyOwner\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<MeasurementRow> builder)
    {
        builder.ToTable("Measurements").HasKey(m => new { m.PatientId, m.Seq, m.Position });
        builder.Property(m => m.Code).HasMaxLength(300);
        builder.HasIndex(m => new { m.PatientId, m.Code, m.Time });
    }

    public void Configure(EntityTypeBuilder<MentionRow> builder)
    {
        builder.ToTable("Mentions").HasKey(m => new { m.PatientId, m.Seq, m.PersonId });
        builder.HasIndex(m => new { m.PersonId, m.SeenAt, m.At });
    }

    public void Configure(EntityTypeBuilder<AttachmentRow> builder)
    {
        builder.ToTable("Attachments").HasKey(a => a.Id);
        builder.Property(a => a.Id).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(a => new { a.PatientId, a.Seq });
    }
}

internal sealed class TaskMapping : IEntityTypeConfiguration<TaskRow>, IEntityTypeConfiguration<NoticeRow>, IEntityTypeConfiguration<AbsenceRow>, IEntityTypeConfiguration<SavedViewRow>
{
    public void Configure(EntityTypeBuilder<TaskRow> builder)
    {
        builder.ToTable("Tasks").HasKey(t => t.Id);
        builder.Property(t => t.Id).HasMaxLength(64).IsUnicode(false);
        builder.Property(t => t.Series).HasMaxLength(64).IsUnicode(false);
        builder.Property(t => t.OwnerOrganisation).HasMaxLength(200);
        builder.HasIndex(t => new { t.PatientId, t.Open, t.DueSort, t.Id });
        builder.HasIndex(t => new { t.OwnerId, t.Open, t.DueSort, t.Id }).HasFilter("\"OwnerId\" IS NOT NULL");
        builder.HasIndex(t => new { t.AccountableId, t.Open, t.DueSort, t.Id }).HasFilter("\"AccountableId\" IS NOT NULL");
        builder.HasIndex(t => new { t.DelegateId, t.DueSort, t.Id }).HasFilter("\"DelegateId\" IS NOT NULL");
        builder.HasIndex(t => new { t.OwnerOrganisation, t.Open, t.DueSort, t.Id }).HasFilter("\"OwnerOrganisation\" IS NOT NULL");
        builder.HasIndex(t => new { t.OwnerRole, t.Open, t.DueSort, t.Id }).HasFilter("\"OwnerRole\" IS NOT NULL");
        builder.HasIndex(t => new { t.RequesterId, t.Open, t.DueSort, t.Id }).HasFilter("\"RequesterId\" IS NOT NULL");
        builder.HasIndex(t => t.EscalateAt).HasFilter("\"EscalateAt\" IS NOT NULL");
        builder.HasIndex(t => t.RepeatAt).HasFilter("\"RepeatAt\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<NoticeRow> builder)
    {
        builder.ToTable("Notices").HasKey(n => n.Key);
        builder.Property(n => n.TaskId).HasMaxLength(64).IsUnicode(false);
        builder.HasIndex(n => new { n.PersonId, n.SeenAt, n.At });
        builder.HasIndex(n => new { n.TaskId, n.Kind, n.PersonId });
    }

    public void Configure(EntityTypeBuilder<AbsenceRow> builder)
    {
        builder.ToTable("Absences").HasKey(a => a.Key);
        builder.HasIndex(a => new { a.PersonId, a.Until });
        builder.HasIndex(a => new { a.From, a.Until });
    }

    public void Configure(EntityTypeBuilder<SavedViewRow> builder)
    {
        builder.ToTable("SavedViews").HasKey(v => v.Key);
        builder.Property(v => v.Name).HasMaxLength(80);
        builder.Property(v => v.Filter).HasMaxLength(400);
        builder.HasIndex(v => v.PersonId);
    }
}

internal sealed class AlertMapping : IEntityTypeConfiguration<ThresholdRow>, IEntityTypeConfiguration<UnjudgedRow>, IEntityTypeConfiguration<AlertRow>
{
    public void Configure(EntityTypeBuilder<ThresholdRow> builder)
    {
        builder.ToTable("Thresholds").HasKey(t => new { t.PatientId, t.PlanId, t.RuleId });
        builder.Property(t => t.PlanId).HasMaxLength(64).IsUnicode(false);
        builder.Property(t => t.RuleId).HasMaxLength(64).IsUnicode(false);
        builder.Property(t => t.Quantity).HasMaxLength(40).IsUnicode(false);
        builder.HasIndex(t => t.MissingAt).HasFilter("\"MissingAt\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<UnjudgedRow> builder) => builder.ToTable("Unjudged").HasKey(u => new { u.PatientId, u.Seq });

    public void Configure(EntityTypeBuilder<AlertRow> builder)
    {
        builder.ToTable("Alerts").HasKey(a => a.Id);
        builder.Property(a => a.Id).HasMaxLength(64).IsUnicode(false);
        builder.Property(a => a.PlanId).HasMaxLength(64).IsUnicode(false);
        builder.Property(a => a.RuleId).HasMaxLength(64).IsUnicode(false);
        builder.Property(a => a.TaskId).HasMaxLength(64).IsUnicode(false);
        builder.Property(a => a.Quantity).HasMaxLength(40).IsUnicode(false);
        builder.HasIndex(a => new { a.PatientId, a.PlanId, a.RuleId, a.LastAt });
        builder.HasIndex(a => new { a.PatientId, a.At });
        builder.HasIndex(a => a.TaskId);
    }
}

internal sealed class PathwayMapping : IEntityTypeConfiguration<PathwayRow>, IEntityTypeConfiguration<PathwayStepRow>, IEntityTypeConfiguration<PathwayPhaseRow>, IEntityTypeConfiguration<PathwayDeviationRow>, IEntityTypeConfiguration<OutcomeRow>
{
    public void Configure(EntityTypeBuilder<PathwayRow> builder)
    {
        builder.ToTable("Pathways").HasKey(p => new { p.PatientId, p.Id });
        builder.Property(p => p.Id).HasMaxLength(64).IsUnicode(false);
        builder.Property(p => p.Template).HasMaxLength(64).IsUnicode(false);
        builder.Property(p => p.Title).HasMaxLength(200);
        builder.Property(p => p.Phase).HasMaxLength(64).IsUnicode(false);
        // Figures over all files count by these and look at no row.
        builder.HasIndex(p => new { p.Template, p.Status, p.PhaseNumber, p.StartedAt, p.EndedAt, p.SlipInside, p.PhaseUntil, p.PatientId, p.Id });
    }

    public void Configure(EntityTypeBuilder<PathwayStepRow> builder)
    {
        builder.ToTable("PathwaySteps").HasKey(s => new { s.PatientId, s.PathwayId, s.StepId });
        builder.Property(s => s.PathwayId).HasMaxLength(64).IsUnicode(false);
        builder.Property(s => s.StepId).HasMaxLength(64).IsUnicode(false);
        builder.Property(s => s.Part).HasMaxLength(64).IsUnicode(false);
        builder.Property(s => s.Phase).HasMaxLength(64).IsUnicode(false);
        builder.Property(s => s.Resource).HasMaxLength(100).IsUnicode(false);
        // Each change of a task asks whether it is a step.
        builder.HasIndex(s => s.Resource).HasFilter("\"Resource\" IS NOT NULL");
    }

    public void Configure(EntityTypeBuilder<PathwayPhaseRow> builder)
    {
        builder.ToTable("PathwayPhases").HasKey(p => new { p.PatientId, p.PathwayId, p.Phase });
        builder.Property(p => p.PathwayId).HasMaxLength(64).IsUnicode(false);
        builder.Property(p => p.Phase).HasMaxLength(64).IsUnicode(false);
    }

    public void Configure(EntityTypeBuilder<PathwayDeviationRow> builder)
    {
        builder.ToTable("PathwayDeviations").HasKey(d => new { d.PatientId, d.PathwayId, d.Id });
        builder.Property(d => d.PathwayId).HasMaxLength(64).IsUnicode(false);
        builder.Property(d => d.Id).HasMaxLength(64).IsUnicode(false);
        builder.Property(d => d.Part).HasMaxLength(64).IsUnicode(false);
        builder.Property(d => d.StepId).HasMaxLength(64).IsUnicode(false);
    }

    public void Configure(EntityTypeBuilder<OutcomeRow> builder)
    {
        builder.ToTable("Outcomes").HasKey(o => new { o.PatientId, o.ResponseId });
        builder.Property(o => o.ResponseId).HasMaxLength(64).IsUnicode(false);
        builder.Property(o => o.Questionnaire).HasMaxLength(64).IsUnicode(false);
        builder.Property(o => o.PathwayId).HasMaxLength(64).IsUnicode(false);
        // The change of a group is read from here, without a row.
        builder.HasIndex(o => new { o.Questionnaire, o.Moment, o.At, o.Score, o.Line, o.PatientId, o.PathwayId });
    }
}

internal sealed class PersonalMapping : IEntityTypeConfiguration<DraftRow>, IEntityTypeConfiguration<VisitRow>
{
    public void Configure(EntityTypeBuilder<DraftRow> builder)
    {
        builder.ToTable("Drafts").HasKey(d => new { d.PersonId, d.PatientId, d.Slot });
        builder.Property(d => d.Slot).HasMaxLength(120);
    }

    public void Configure(EntityTypeBuilder<VisitRow> builder) => builder.ToTable("Visits").HasKey(v => new { v.PersonId, v.PatientId });
}

internal sealed class PlatformMapping : IEntityTypeConfiguration<AccessRecordRow>, IEntityTypeConfiguration<AuditChainRow>, IEntityTypeConfiguration<SettingRow>
{
    public void Configure(EntityTypeBuilder<AccessRecordRow> builder)
    {
        builder.ToTable("AccessRecords").HasKey(r => r.Key);
        builder.Property(r => r.PatientId).HasMaxLength(64);
        builder.Property(r => r.Hash).HasMaxLength(32);
        builder.Property(r => r.Rule).HasMaxLength(20);
        builder.HasIndex(r => new { r.PatientId, r.At });
        builder.HasIndex(r => new { r.PatientId, r.Position }).IsUnique().HasFilter("\"Position\" IS NOT NULL"); // two records cannot take the same place
    }

    public void Configure(EntityTypeBuilder<AuditChainRow> builder)
    {
        builder.ToTable("AuditChains").HasKey(c => c.PatientId);
        builder.Property(c => c.PatientId).HasMaxLength(64);
        builder.Property(c => c.Hash).HasMaxLength(32);
        builder.HasIndex(c => c.At);
    }

    public void Configure(EntityTypeBuilder<SettingRow> builder)
    {
        builder.ToTable("Settings").HasKey(s => s.Name);
        builder.Property(s => s.Name).HasMaxLength(100);
    }
}
