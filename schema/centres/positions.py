"""How positions are told and given, of whatever has one."""

LONGITUDE = "经度（WGS-84，东经），未定位为空 / Longitude in degrees east of WGS-84; null where it is not known."
LATITUDE = "纬度（WGS-84，北纬），未定位为空 / Latitude in degrees north of WGS-84; null where it is not known."
DATUM = "登记时所用坐标系；上列经纬度均已换算为 WGS-84 / In which datum it was given; the degrees told are of WGS-84."
GIVEN_LONGITUDE = "经度，东经 73 至 136 度，须同时填写纬度 / Longitude, 73 to 136 degrees east; with the latitude."
GIVEN_LATITUDE = "纬度，北纬 3 至 54 度，须同时填写经度 / Latitude, 3 to 54 degrees north; with the longitude."
GIVEN_DATUM = (
    "所填经纬度的坐标系，默认 WGS-84；GCJ-02 将换算后保存"
    " / The datum of these degrees, WGS-84 by default; those of GCJ-02 are converted."
)
