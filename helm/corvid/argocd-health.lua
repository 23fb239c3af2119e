-- Argo CD's health of a SwarmRelease: resource.customizations.health.corvid.dev_SwarmRelease in argocd-cm.
local health = {status = "Progressing", message = "not yet seen by the operator"}
local status = obj.status

if obj.metadata.deletionTimestamp ~= nil then
  health.message = "nodes are being cleaned"
  return health
end
if status == nil or status.conditions == nil then
  return health
end
if status.observedGeneration ~= obj.metadata.generation then
  health.message = "the operator has yet to see the last change"
  return health
end

local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end
local ready = conditions.Ready
if ready == nil then
  return health
end

health.message = ready.message
if ready.reason == "Suspended" or ready.reason == "Paused" then
  health.status = "Suspended"
elseif conditions.Stalled ~= nil and conditions.Stalled.status == "True" then
  health.status = "Degraded"
elseif ready.status == "True" then
  health.status = "Healthy"
end
return health
